namespace ChunkProxy.Cache.Chunks;

/// <summary>The fields of one client's request that are passed on to the origin: one entry for each name, its lines combined.</summary>
public sealed class RequestFields
{
    private readonly KeyValuePair<string, string>[] _fields;
    private string? _key;

    public RequestFields(IEnumerable<KeyValuePair<string, string>> fields) => _fields = [.. fields];

    /// <summary>No field is passed on.</summary>
    public static RequestFields None { get; } = new([]);

    /// <summary>Name and value of each field, in the order of the setting that lists them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> All => _fields;

    /// <summary>The request names a user to the origin, so the answer may be for that user alone (RFC 9111 §3.5).</summary>
    public bool HasCredentials => this["Authorization"] is not null || this["Cookie"] is not null;

    /// <summary>Equal for requests that pass the same fields on.</summary>
    public string Key => _key ??= string.Join('\n', _fields.Select(one => $"{one.Key}: {one.Value}"));

    /// <summary>The field's value; null if the request does not have the field.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (key, value) in _fields)
            {
                if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return value;
                }
            }

            return null;
        }
    }
}
