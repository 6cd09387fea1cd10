"""Where people in the field are, and later vehicles: positions by one door, trails, who is near."""
