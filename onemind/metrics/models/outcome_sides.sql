-- One row per outcome count of a department in $departments: whether its period lies before or
-- after that department's day in $days. A period that contains the day is on neither side.
with own as (
    select unnest($departments::varchar[]) as department_id, unnest($days::date[]) as day
)
select
    outcome_counts.as_of,
    outcome_counts.department_id,
    outcome_counts.kind,
    outcome_counts.number,
    outcome_counts.mh_calls,
    case
        when outcome_counts.period_end <= own.day then 'before'
        when outcome_counts.period_start > own.day then 'after'
    end as side
from outcome_counts
join own using (department_id)
