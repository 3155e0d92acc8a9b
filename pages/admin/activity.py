"""Who did what, when and from where: newest first, filtered, as CSV."""

from onemind import ui
from onemind.access import ADMINISTER, require
from onemind.ui.admin import activity

require(ui.visitor.user(), ADMINISTER)
activity.backups()
activity.listed(activity.asked())
