"""What a site offers (covered area, water, latrines) on a day, held against the Sphere figures."""
