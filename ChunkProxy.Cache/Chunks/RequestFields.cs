namespace ChunkProxy.Cache.Chunks;

/// <summary>The fields of one client's request that are forwarded to the origin: one entry per name, with its lines combined.</summary>
public sealed class RequestFields
{
    private readonly KeyValuePair<string, string>[] _fields;
    private string? _key;

    public RequestFields(IEnumerable<KeyValuePair<string, string>> fields) => _fields = [.. fields];

    /// <summary>A request of which no field is forwarded.</summary>
    public static RequestFields None { get; } = new([]);

    /// <summary>Name and value of each field, in the order of the setting that lists them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> All => _fields;

    /// <summary>The request carries a user's credentials, so the response may be for that user only (RFC 9111 §3.5).</summary>
    public bool HasCredentials => Array.Exists(_fields, static one => AreCredentials(one.Key));

    /// <summary>The credentials alone.</summary>
    public RequestFields Credentials => new(_fields.Where(static one => AreCredentials(one.Key)));

    /// <summary>Equal for requests that forward the same fields.</summary>
    public string Key => _key ??= string.Join('\n', _fields.Select(one => $"{one.Key}: {one.Value}"));

    /// <summary>Returns true if a field of this name has a user's credentials.</summary>
    public static bool AreCredentials(string name) =>
        name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("Cookie", StringComparison.OrdinalIgnoreCase);

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
