"""What a worker counts: totals never fall, and partitions that others read are not spoken of any more."""

from prometheus_client import CollectorRegistry

from metrics.worker_series import WorkerSeries


def test_a_partition_that_somebody_else_reads_now_has_no_lag_here() -> None:
    registry = CollectorRegistry()
    worker = WorkerSeries(registry, ["mail", "chat"])
    worker.set_lags("mail", {("a", 0): (5, None), ("a", 1): (0, 0.0)})
    worker.set_lags("chat", {("b", 0): (7, 1.0)})
    worker.set_lags("mail", {("a", 1): (3, 2.0)})
    lag = {
        (sample.labels["topic"], sample.labels["partition"]): sample.value
        for family in registry.collect()
        for sample in family.samples
        if sample.name == "earshot_lag_records"
    }
    assert lag == {("a", "1"): 3.0, ("b", "0"): 7.0}


def test_totals_are_counted_from_what_there_was_so_far() -> None:
    registry = CollectorRegistry()
    worker = WorkerSeries(registry, ["mail"])
    for rebalances in (1, 1, 4):
        worker.count("mail", rebalances=rebalances, stalls=0, renewals=0)
    assert registry.get_sample_value("earshot_rebalances_total", {"source": "mail"}) == 4
