"""What `import.fetch` runs before `earshot import`: every file of a folder holds an address, and what stands there is put under the file's
name into another folder. Addresses may be signed, so none is ever printed."""

import shutil
import sys
import urllib.error
import urllib.request
from pathlib import Path


class Secure(urllib.request.HTTPRedirectHandler):
    """Follows no way out of TLS."""

    def redirect_request(self, request, answer, code, message, headers, address):
        if not address.startswith("https://"):
            raise OSError("led on to an address without https://")
        return super().redirect_request(request, answer, code, message, headers, address)


opener = urllib.request.build_opener(Secure)
addresses, where = Path(sys.argv[1]), Path(sys.argv[2])

# A mounted Secret has folders beside its keys, whose names begin with two dots.
for file in sorted(path for path in addresses.iterdir() if not path.name.startswith(".")):
    address = file.read_text(encoding="utf-8").strip()
    if not address.startswith("https://"):
        sys.exit(f"{file.name}: only addresses that begin with https:// are fetched")
    try:
        with opener.open(address, timeout=60) as answer, (where / file.name).open("wb") as copy:
            shutil.copyfileobj(answer, copy)
            print(f"{file.name}: {copy.tell():,} bytes")
    except urllib.error.HTTPError as error:
        sys.exit(f"{file.name}: answered with {error.code}")
    except OSError as error:
        sys.exit(f"{file.name}: {getattr(error, 'reason', error)}")
