"""What people come back to: views of lists that they saved or shared, and objects that they pinned."""
