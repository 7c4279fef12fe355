namespace ChunkProxy.Web.Logs;

/// <summary>A value of an access log line.</summary>
/// <param name="Name">Its name in templates and in JSON.</param>
/// <param name="IsNumber">Whether JSON shows it without quotation marks.</param>
/// <param name="Of">Returns the text; null if there is none.</param>
internal sealed record LogValue(string Name, bool IsNumber, Func<AccessEntry, bool, string?> Of);
