-- One row per as-of date and department with officers counted on that date. This is the definition:
-- it looks at each officer, and officer_counts must give the same numbers.
with dates as (
    select unnest($dates) as as_of
),
trained as (
    select
        dates.as_of,
        steps.department_id,
        count(*) filter (where steps.mhfa_until >= dates.as_of) as mhfa,
        count(*) filter (where steps.cit_until >= dates.as_of) as cit,
        count(*) filter (
            where greatest(steps.mhfa_until, steps.cit_until) >= dates.as_of
        ) as either,
        count(*) filter (
            where dates.as_of between steps.expiring_from and steps.mhfa_until
        ) as expiring,
        count(*) filter (where steps.mhfa_until < dates.as_of) as lapsed,
        count(*) filter (where steps.new_before > dates.as_of) as newly
    from training_steps steps
    join dates on steps.starts_on <= dates.as_of and steps.ends_before > dates.as_of
    where steps.starts_on <= list_max($dates) and steps.ends_before > list_min($dates)
    group by dates.as_of, steps.department_id
),
present as (
    select dates.as_of, roster_spans.department_id, count(*) as active
    from roster_spans
    join dates
        on roster_spans.starts_on <= dates.as_of and roster_spans.ends_before > dates.as_of
    group by dates.as_of, roster_spans.department_id
)
select
    as_of,
    department_id,
    coalesce(trained.mhfa, 0) as mhfa,
    coalesce(trained.cit, 0) as cit,
    coalesce(trained.either, 0) as either,
    coalesce(trained.expiring, 0) as expiring,
    coalesce(trained.lapsed, 0) as lapsed,
    coalesce(trained.newly, 0) as newly,
    coalesce(present.active, 0) as active
from trained
full join present using (as_of, department_id)
