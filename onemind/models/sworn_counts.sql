-- One row a department and as-of date: sworn officers, by the roster where there is one.
with dates as (
    select unnest($dates) as as_of
),
rostered as (
    select distinct department_id
    from officers
),
active as (
    select as_of, department_id, count(*) as officers
    from active_officers
    group by as_of, department_id
)
select
    dates.as_of,
    departments.department_id,
    rostered.department_id is not null as has_roster,
    case
        when rostered.department_id is not null then active.officers
        else nullif(departments.sworn_officers, 0)
    end as sworn
from departments
cross join dates
left join rostered using (department_id)
left join active using (as_of, department_id)
