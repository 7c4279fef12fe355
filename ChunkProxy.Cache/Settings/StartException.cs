namespace ChunkProxy.Cache.Settings;

/// <summary>The process cannot start although its settings are valid.</summary>
/// <param name="message">One line that begins with the configuration key concerned.</param>
/// <param name="innerException">The cause.</param>
internal sealed class StartException(string message, Exception innerException) : Exception(message, innerException);
