-- One row per as-of date and counted officer: the last valid day of each practice's certificates.
with dates as (
    select unnest($dates) as as_of
)
select
    dates.as_of,
    steps.department_id,
    steps.officer_id,
    steps.first_mhfa_on,
    steps.mhfa_until,
    steps.cit_until
from training_steps steps
join dates on steps.starts_on <= dates.as_of and steps.ends_before > dates.as_of
