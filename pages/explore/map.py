"""Where the campaign stands on the map: the nation, a state, a county, down to a department."""

from onemind import ui
from onemind.metrics import MetricName
from onemind.ui.explore import map, map_choices, overview, play, states

view = ui.frame.view()
if ui.progress(view).empty:
    ui.frame.nothing_matches(view)
where = map.place(view)
map_choices.path(view, where)
where, color = map_choices.choose(view, where)
play.over_months(view, overview.first_day(view), map_choices.map_and_table(view, where, color))
if where.state is None:
    states.comparison(view)
if color != map.STAGE:
    ui.definition(MetricName(color))
