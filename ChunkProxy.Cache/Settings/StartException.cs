namespace ChunkProxy.Cache.Settings;

/// <summary>The process cannot start, for a reason outside of its settings.</summary>
/// <param name="message">One line that begins with the configuration key to look at.</param>
/// <param name="innerException">What was met.</param>
internal sealed class StartException(string message, Exception innerException) : Exception(message, innerException);
