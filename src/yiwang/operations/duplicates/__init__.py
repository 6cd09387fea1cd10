"""Reports of one matter by several people: proposed by class, place, time and words; a person decides."""
