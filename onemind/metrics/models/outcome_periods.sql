-- One row per department and period that ended by the as-of date: the calls and how they ended.
with dates as (
    select unnest($dates) as as_of
)
select
    dates.as_of,
    outcomes.department_id,
    strftime(outcomes.period_start, '%Y-%m') as month,
    outcomes.mh_calls,
    outcomes.referred_to_care,
    outcomes.arrests,
    outcomes.force_used
from outcomes
cross join dates
where outcomes.period_end <= dates.as_of
