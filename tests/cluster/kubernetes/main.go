// Kubernetes' own server, its store, its controllers and kubectl as one program: the first argument says which. It is built once, for
// `make chart-cluster` (tests/cluster); no container is ever run by it.
package main

import (
	"fmt"
	"os"
	_ "time/tzdata" // time zones of CronJobs

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

var commands = map[string]func() *cobra.Command{
	"kube-apiserver":          apiserver.NewAPIServerCommand,
	"kube-controller-manager": controllers.NewControllerManagerCommand,
	"kubectl":                 kubectl.NewDefaultKubectlCommand,
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "which: etcd, kube-apiserver, kube-controller-manager or kubectl?")
		os.Exit(2)
	}
	chosen := os.Args[1]
	os.Args = append([]string{chosen}, os.Args[2:]...)
	if chosen == "etcd" {
		etcdmain.Main(os.Args)
		return
	}
	command, known := commands[chosen]
	if !known {
		fmt.Fprintf(os.Stderr, "%s is not in here\n", chosen)
		os.Exit(2)
	}
	os.Exit(cli.Run(command()))
}
