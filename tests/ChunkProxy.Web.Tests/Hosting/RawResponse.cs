namespace ChunkProxy.Web.Tests.Hosting;

/// <summary>A response as it came over the wire.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Fields">In order, names as sent.</param>
/// <param name="Body">The content that came; for a broken answer less than was promised.</param>
/// <param name="IsWhole">As many bytes came as Content-Length or the last chunk said.</param>
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
