namespace ChunkProxy.Cache.Origin;

/// <summary>The field lines of one origin response, as received.</summary>
/// <remarks>Read before any parsed header is accessed: parsing would replace the text that is forwarded to clients.</remarks>
internal sealed class OriginFields(IReadOnlyList<KeyValuePair<string, string>> lines)
{
    public IReadOnlyList<KeyValuePair<string, string>> Lines { get; } = lines;

    /// <summary>The values of all lines of a field, in order.</summary>
    public IEnumerable<string> this[string name] =>
        Lines.Where(line => line.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(line => line.Value);

    public static OriginFields Of(HttpResponseMessage response) =>
        new([
            .. response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
                .SelectMany(field => field.Value, (field, value) => KeyValuePair.Create(field.Key, value)),
        ]);

    public bool Has(string name) => this[name].Any();

    /// <summary>Returns the values of a field joined by commas; null if the field is absent.</summary>
    public string? Combined(string name) => this[name].ToArray() is { Length: > 0 } values ? string.Join(", ", values) : null;
}
