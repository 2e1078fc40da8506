"""What every change goes through: the unit of work, its repositories, its retries."""
