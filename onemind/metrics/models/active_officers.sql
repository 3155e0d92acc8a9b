-- One row per as-of date and sworn roster officer who is on the force and not exempt that day.
with dates as (
    select unnest($dates) as as_of
)
select dates.as_of, roster_spans.department_id, roster_spans.officer_id
from roster_spans
join dates on roster_spans.starts_on <= dates.as_of and roster_spans.ends_before > dates.as_of
