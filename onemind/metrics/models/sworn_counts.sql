-- One row per department and as-of date: sworn officers, from the roster if there is one.
with dates as (
    select unnest($dates) as as_of
)
select
    dates.as_of,
    departments.department_id,
    case
        when rostered.department_id is not null then nullif(officer_counts.active, 0)
        else nullif(departments.sworn_officers, 0)
    end as sworn
from departments
cross join dates
left join rostered using (department_id)
left join officer_counts using (as_of, department_id)
