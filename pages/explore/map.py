"""Where the campaign stands on the map: the nation, a state, a county, down to a department."""

from onemind import ui, ui_frame, ui_map, ui_overview, ui_play, ui_states
from onemind import ui_map_choices as choices

view = ui_frame.view()
if ui.progress(view).empty:
    ui_frame.nothing_matches(view)
where = ui_map.place(view)
choices.path(view, where)
where, colour = choices.choose(view, where)
ui_play.over_months(view, ui_overview.first_day(view), choices.map_and_table(view, where, colour))
if where.state is None:
    ui_states.comparison(view)
if colour != ui_map.STAGE:
    ui.definition(colour)
