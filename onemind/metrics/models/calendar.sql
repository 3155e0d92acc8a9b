-- One row a day from the first as-of date to the last: the first as-of date on or after it, counted.
with days as (
    select unnest(range(list_min($dates), list_max($dates) + interval 1 day, interval 1 day))::date
        as day
)
select
    day,
    len(list_filter($dates, lambda as_of: as_of < day)) + 1 as nth,
    list_sort($dates)[len(list_filter($dates, lambda as_of: as_of < day)) + 1] as as_of
from days
