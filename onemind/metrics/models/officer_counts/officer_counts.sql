-- One row per as-of date and department with turns by then: the officers counted on that date. This
-- is the fast way: the counts at the last month's end, plus the turns since then.
with divided as (
    select distinct as_of, last_day(as_of) as month
    from (select unnest($dates) as as_of)
    where as_of <> last_day(as_of)
),
reaching as (
    select
        months.department_id,
        months.mhfa,
        months.cit,
        months.either,
        months.expiring,
        months.lapsed,
        months.newly,
        months.active,
        starting.nth as first,
        coalesce(ending.nth, len($dates) + 1) as past
    from count_months months
    join calendar starting on starting.day = greatest(months.month, list_min($dates))
    left join calendar ending on ending.day = greatest(months.ends_before, list_min($dates))
    where months.month <= list_max($dates) and months.ends_before > list_min($dates)
),
at_ends as (
    select
        department_id, mhfa, cit, either, expiring, lapsed, newly, active,
        unnest(range(first, past)) as nth
    from reaching
    where first < past
),
counted as (
    select
        calendar.as_of,
        at_ends.department_id,
        at_ends.mhfa,
        at_ends.cit,
        at_ends.either,
        at_ends.expiring,
        at_ends.lapsed,
        at_ends.newly,
        at_ends.active
    from at_ends
    join calendar on calendar.nth = at_ends.nth and calendar.day = calendar.as_of
    union all
    select
        divided.as_of,
        turns.department_id,
        sum(turns.mhfa),
        sum(turns.cit),
        sum(turns.either),
        sum(turns.expiring),
        sum(turns.lapsed),
        sum(turns.newly),
        sum(turns.active)
    from count_turns turns
    join divided on divided.month = last_day(turns.day) and divided.as_of >= turns.day
    where
        turns.day >= date_trunc(
            'month', list_min(list_filter($dates, lambda as_of: as_of <> last_day(as_of)))
        )::date
        and turns.day <= list_max(list_filter($dates, lambda as_of: as_of <> last_day(as_of)))
    group by divided.as_of, turns.department_id
)
select
    as_of,
    department_id,
    sum(mhfa)::bigint as mhfa,
    sum(cit)::bigint as cit,
    sum(either)::bigint as either,
    sum(expiring)::bigint as expiring,
    sum(lapsed)::bigint as lapsed,
    sum(newly)::bigint as newly,
    sum(active)::bigint as active
from counted
group by as_of, department_id
