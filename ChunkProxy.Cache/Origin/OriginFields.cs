namespace ChunkProxy.Cache.Origin;

/// <summary>The field lines of one answer of the origin, as they came.</summary>
/// <remarks>Taken before anything looks at a parsed header: the parsed form would replace the text that clients are to get.</remarks>
internal sealed class OriginFields(IReadOnlyList<KeyValuePair<string, string>> lines)
{
    public IReadOnlyList<KeyValuePair<string, string>> Lines { get; } = lines;

    /// <summary>The values of all lines of one field, in their order.</summary>
    public IEnumerable<string> this[string name] =>
        Lines.Where(line => line.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(line => line.Value);

    public static OriginFields Of(HttpResponseMessage response) =>
        new([
            .. response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
                .SelectMany(field => field.Value, (field, value) => KeyValuePair.Create(field.Key, value)),
        ]);

    public bool Has(string name) => this[name].Any();

    /// <summary>The only or combined value of a field; null if the answer does not have it.</summary>
    public string? Combined(string name) => this[name].ToArray() is { Length: > 0 } values ? string.Join(", ", values) : null;
}
