"""What follows here from what travel tells of a passenger: said no, taken off, gone, not let in."""
