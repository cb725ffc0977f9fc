"""What `helm test` runs: whether the page, the series and the probes of a release answer. It gets their address."""

import sys
import urllib.request

EXPECTED = {"/-/healthy": "healthy", "/-/ready": "ready", "/metrics": "earshot_build_info", "/": "<html"}

for path, text in EXPECTED.items():
    with urllib.request.urlopen(sys.argv[1] + path, timeout=10) as answer:
        body = answer.read().decode()
    if text not in body:
        sys.exit(f"{path} answered without {text!r}")
    print(f"{path} answers as it should")
