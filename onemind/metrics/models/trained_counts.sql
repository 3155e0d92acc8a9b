-- One row per as-of date and department that reported: officers trained, by records or by totals.
with dates as (
    select unnest($dates) as as_of
),
reaching as (
    select
        report_spans.department_id,
        report_spans.reported_on,
        starting.nth as first,
        coalesce(ending.nth, len($dates) + 1) as past
    from report_spans
    join calendar starting on starting.day = greatest(report_spans.reported_on, list_min($dates))
    left join calendar ending on ending.day = greatest(report_spans.ends_before, list_min($dates))
    where
        report_spans.reported_on <= list_max($dates)
        and report_spans.ends_before > list_min($dates)
),
days as (
    select department_id, reported_on, unnest(range(first, past)) as nth
    from reaching
    where first < past
),
records as (
    select calendar.as_of, days.department_id, days.reported_on
    from days
    join calendar on calendar.nth = days.nth and calendar.day = calendar.as_of
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
    coalesce(counts.mhfa, 0) as mhfa,
    coalesce(counts.cit, 0) as cit,
    coalesce(counts.either, 0) as low,
    coalesce(counts.either, 0) as high,
    coalesce(counts.expiring, 0) as expiring,
    coalesce(counts.lapsed, 0) as lapsed,
    coalesce(counts.newly, 0) as newly
from records
left join officer_counts counts using (as_of, department_id)
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
