-- One row per day from the first as-of date to the last: the next as-of date on or after it, and
-- that date's number (1 is the first).
with days as (
    select unnest(range(list_min($dates), list_max($dates) + interval 1 day, interval 1 day))::date
        as day
)
select
    day,
    len(list_filter($dates, lambda as_of: as_of < day)) + 1 as nth,
    list_sort($dates)[len(list_filter($dates, lambda as_of: as_of < day)) + 1] as as_of
from days
