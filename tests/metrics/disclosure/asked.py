"""What is asked of made-up organisations."""

from config.schema import Scope, Target

# What is asked, of which each organisation takes some.
TARGETS: tuple[Target, ...] = (
    Target(name="reach", indicator="reach", window="24 hours", value=0.7),
    Target(name="reach_by_department", indicator="reach", window="24 hours", by="department"),
    Target(name="reach_by_site", indicator="reach", window="24 hours", by="site", period="week"),
    Target(name="reach_by_topic", indicator="reach", window="24 hours", by="topic", value=0.5),
    Target(name="reach_sales", indicator="reach", window="24 hours", scope=Scope(segment="department=d1")),
    Target(name="reach_weekly", indicator="reach", window="24 hours", period="week"),
    Target(name="reach_slowly", indicator="reach", window="48 hours", by="department"),
    Target(name="reach_message", indicator="reach", window="24 hours", by="department", period="message"),
    Target(name="opened", indicator="opened", window="24 hours", by="department", value=0.5),
    Target(name="opened_by_site", indicator="opened", window="24 hours", by="site"),
    Target(name="reach_by_area", indicator="reach", window="24 hours", by="area"),
    Target(name="opened_by_area", indicator="opened", window="24 hours", by="area"),
    Target(name="opened_message", indicator="opened", window="24 hours", by="site", period="message"),
    Target(name="delivered_by_department", indicator="delivered", window="24 hours", by="department"),
    Target(name="delivered_by_site", indicator="delivered", window="24 hours", by="site", period="message"),
    Target(name="response", indicator="response", window="24 hours"),
    Target(name="response_by_department", indicator="response", window="24 hours", by="department", judge="count"),
)
# And of what messages want done, against those held out of them.
EFFECTS: tuple[Target, ...] = (
    Target(name="effect", indicator="action_effect", window="24 hours", by="department", judge="count"),
    Target(name="effect_by_site", indicator="action_effect", window="48 hours", by="site", judge="count"),
    Target(name="effect_message", indicator="action_effect", window="24 hours", by="department", period="message"),
    Target(name="action", indicator="action", window="24 hours", by="department"),
)
# And of periods that have become past, and of whole periods, whose readings are kept for good.
PAST: tuple[Target, ...] = (
    Target(name="reach_week", indicator="reach", window="24 hours", by="department", period="week"),
    Target(name="opened_week", indicator="opened", window="24 hours", by="department", period="week"),
    Target(name="opened_month", indicator="opened", window="24 hours", by="site", period="month"),
    Target(name="reach_topic_week", indicator="reach", window="24 hours", by="topic", period="week"),
    Target(name="response_past", indicator="response", window="24 hours", by="department", value="last week"),
    Target(name="reach_past", indicator="reach", window="48 hours", by="site", value="last month"),
    Target(name="action_week", indicator="action", window="24 hours", by="department", period="week"),
    Target(name="met_week", indicator="period_reach", by="department", period="week"),
    Target(name="met_month", indicator="period_reach", by="site", period="month"),
    Target(name="aware_month", indicator="awareness", by="department", period="month", scope=Scope(topic="brand")),
)
OF_DEEDS = ("action", "action_effect")
