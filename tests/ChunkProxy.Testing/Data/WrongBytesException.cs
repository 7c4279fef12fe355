namespace ChunkProxy.Testing.Data;

/// <summary>Bytes came that are not the object's, or too few or too many.</summary>
public sealed class WrongBytesException(string message) : Exception(message);
