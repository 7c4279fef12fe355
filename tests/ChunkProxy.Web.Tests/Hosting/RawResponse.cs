namespace ChunkProxy.Web.Tests.Hosting;

/// <summary>A response as received on the wire.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Fields">In order, names as sent.</param>
/// <param name="Body">The received content; for a broken response less than announced.</param>
/// <param name="IsWhole">Whether as many bytes arrived as Content-Length or the last chunk announced.</param>
internal sealed record RawResponse(int Status, IReadOnlyList<KeyValuePair<string, string>> Fields, byte[] Body, bool IsWhole)
{
    /// <summary>The values of a field joined, or null if there is none.</summary>
    public string? this[string name]
    {
        get
        {
            var values = Fields.Where(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).ToArray();
            return values.Length == 0 ? null : string.Join(", ", values);
        }
    }
}
