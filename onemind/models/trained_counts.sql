-- One row an as-of date and department that reported: officers trained, from records or from totals.
with dates as (
    select unnest($dates) as as_of
),
records as (
    select dates.as_of, report_spans.department_id, report_spans.reported_on
    from report_spans
    join dates
        on report_spans.reported_on <= dates.as_of
        and report_spans.ends_before > dates.as_of
),
reaching as (
    select
        steps.department_id,
        steps.first_mhfa_on,
        steps.mhfa_until,
        steps.cit_until,
        starting.nth as first,
        coalesce(ending.nth, len($dates) + 1) as past
    from training_steps steps
    join calendar starting on starting.day = greatest(steps.starts_on, list_min($dates))
    left join calendar ending on ending.day = greatest(steps.ends_before, list_min($dates))
    where steps.starts_on <= list_max($dates) and steps.ends_before > list_min($dates)
),
days as (
    select department_id, first_mhfa_on, mhfa_until, cit_until, unnest(range(first, past)) as nth
    from reaching
    where first < past
),
from_records as (
    select
        calendar.as_of,
        days.department_id,
        count(*) filter (where mhfa_until >= as_of) as mhfa,
        count(*) filter (where cit_until >= as_of) as cit,
        count(*) filter (where mhfa_until >= as_of or cit_until >= as_of) as either,
        count(*) filter (where mhfa_until between as_of and as_of + expiring_days) as expiring,
        count(*) filter (where mhfa_until < as_of) as lapsed,
        count(*) filter (where first_mhfa_on > as_of - pace_days) as newly
    from days
    join calendar on calendar.nth = days.nth and calendar.day = calendar.as_of
    cross join spans
    group by calendar.as_of, days.department_id
),
latest_totals as (
    select dates.as_of, training_totals.department_id, max(training_totals.as_of) as reported_on
    from training_totals
    cross join dates
    where training_totals.as_of <= dates.as_of
    group by dates.as_of, training_totals.department_id
)
select
    records.as_of,
    records.department_id,
    'records' as source,
    records.reported_on,
    coalesce(from_records.mhfa, 0) as mhfa,
    coalesce(from_records.cit, 0) as cit,
    coalesce(from_records.either, 0) as low,
    coalesce(from_records.either, 0) as high,
    coalesce(from_records.expiring, 0) as expiring,
    coalesce(from_records.lapsed, 0) as lapsed,
    coalesce(from_records.newly, 0) as newly
from records
left join from_records using (as_of, department_id)
union all
select
    latest_totals.as_of,
    latest_totals.department_id,
    'totals' as source,
    latest_totals.reported_on,
    totals.mhfa_trained as mhfa,
    totals.cit_trained as cit,
    coalesce(
        totals.mhfa_trained + totals.cit_trained - totals.both_trained,
        greatest(totals.mhfa_trained, totals.cit_trained)
    ) as low,
    totals.mhfa_trained + totals.cit_trained - coalesce(totals.both_trained, 0) as high,
    null as expiring,
    null as lapsed,
    null as newly
from latest_totals
join training_totals totals
    on totals.department_id = latest_totals.department_id
    and totals.as_of = latest_totals.reported_on
anti join records
    on records.as_of = latest_totals.as_of
    and records.department_id = latest_totals.department_id
