namespace ChunkProxy.Testing.Data;

/// <summary>The received bytes differ from the object's, or their number does.</summary>
public sealed class WrongBytesException(string message) : Exception(message);
