-- One row per as-of date and department that had adopted its policy by then, under any pledge.
with dates as (
    select unnest($dates) as as_of
)
select distinct dates.as_of, pledges.department_id
from pledges
cross join dates
where pledges.policy_adopted_on <= dates.as_of
