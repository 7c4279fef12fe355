namespace ChunkProxy.Cache.Metering;

/// <summary>Creates tags whose values are the names of an enum, in snake case.</summary>
internal static class Tag
{
    public const string Tier = "chunkproxy.tier";
    public const string Outcome = "chunkproxy.outcome";
    public const string Directory = "chunkproxy.directory";
    public const string Collapsed = "chunkproxy.collapsed";
    public const string Object = "chunkproxy.object";
    public const string Bytes = "chunkproxy.bytes";

    /// <summary>OpenTelemetry's name for the kind of an error.</summary>
    public const string Error = "error.type";

    public static KeyValuePair<string, object?> Of<T>(string name, T value)
        where T : struct, Enum => new(name, Names<T>.Of(value));

    // Computed once: a tag must not allocate.
    private static class Names<T>
        where T : struct, Enum
    {
        private static readonly Dictionary<T, string> All = Enum.GetValues<T>().ToDictionary(value => value, value => SnakeCase(value.ToString()));

        public static string Of(T value) => All[value];

        private static string SnakeCase(string name) =>
            string.Concat(name.Select((letter, i) => char.IsUpper(letter) ? $"{(i == 0 ? "" : "_")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
    }
}
