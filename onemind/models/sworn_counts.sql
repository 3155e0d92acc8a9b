-- One row a department and as-of date: sworn officers, by the roster where there is one.
with dates as (
    select unnest($dates) as as_of
),
reaching as (
    select
        roster_spans.department_id,
        starting.nth as first,
        coalesce(ending.nth, len($dates) + 1) as past
    from roster_spans
    join calendar starting
        on starting.day = greatest(roster_spans.starts_on, list_min($dates))
    left join calendar ending
        on ending.day = greatest(roster_spans.ends_before, list_min($dates))
),
days as (
    select department_id, unnest(range(first, past)) as nth
    from reaching
    where first < past
),
active as (
    select calendar.as_of, days.department_id, count(*) as officers
    from days
    join calendar on calendar.nth = days.nth and calendar.day = calendar.as_of
    group by calendar.as_of, days.department_id
)
select
    dates.as_of,
    departments.department_id,
    case
        when rostered.department_id is not null then active.officers
        else nullif(departments.sworn_officers, 0)
    end as sworn
from departments
cross join dates
left join rostered using (department_id)
left join active using (as_of, department_id)
