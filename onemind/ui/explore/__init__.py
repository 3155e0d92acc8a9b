"""What the pages under pages/explore show."""

__all__ = [
    "brief",
    "contact",
    "department",
    "department_history",
    "departments",
    "forecast",
    "map",
    "map_choices",
    "methodology",
    "numbers",
    "outcomes",
    "overview",
    "partners",
    "play",
    "states",
    "training",
]
