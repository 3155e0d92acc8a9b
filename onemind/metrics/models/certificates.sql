-- One row per certificate: the practice it counts toward, the first edition in which it does, and
-- its last valid day.
select
    training.department_id,
    training.officer_id,
    training.sworn,
    courses.practice,
    courses.from_rank,
    training.completed_on,
    coalesce(
        training.expires_on,
        (training.completed_on + to_months(courses.valid_months))::date,
        'infinity'::date
    ) as valid_until
from training
join courses using (course)
