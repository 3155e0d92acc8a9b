-- One row per department and span of days: the highest rank among courses that count toward its
-- edition.
with edition_spans as (
    select
        rank,
        starts_on,
        lead(starts_on, 1, 'infinity'::date) over (order by starts_on) as ends_before
    from editions
),
pledged as (
    select
        department_id,
        edition,
        pledged_on,
        least(
            lead(pledged_on, 1, 'infinity'::date)
                over (partition by department_id order by pledged_on),
            coalesce(withdrawn_on, 'infinity'::date)
        ) as ends_before
    from pledges
),
turns as (
    select department_id, '-infinity'::date as turn
    from departments
    union
    select departments.department_id, edition_spans.starts_on
    from departments
    cross join edition_spans
    union
    select department_id, pledged_on
    from pledged
    union
    select department_id, ends_before
    from pledged
),
judged as (
    select
        turns.department_id,
        turns.turn,
        coalesce(written.rank, edition_spans.rank) as rank
    from turns
    left join pledged
        on pledged.department_id = turns.department_id
        and pledged.pledged_on <= turns.turn
        and pledged.ends_before > turns.turn
    left join editions written on written.edition = pledged.edition
    left join edition_spans
        on coalesce(pledged.pledged_on, turns.turn) >= edition_spans.starts_on
        and coalesce(pledged.pledged_on, turns.turn) < edition_spans.ends_before
    where turns.turn < 'infinity'::date
),
counting as (
    select
        judged.department_id,
        judged.turn,
        max(courses.from_rank) as rank
    from judged
    left join courses on courses.from_rank <= judged.rank
    group by judged.department_id, judged.turn
),
changed as (
    select
        department_id,
        turn,
        rank,
        rank is distinct from lag(rank) over (partition by department_id order by turn) as changes
    from counting
)
select
    department_id,
    rank,
    turn as starts_on,
    lead(turn, 1, 'infinity'::date) over (partition by department_id order by turn) as ends_before
from changed
where changes
