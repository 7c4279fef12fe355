namespace ChunkProxy.Testing.Nodes;

/// <summary>The product's settings as environment variables.</summary>
public static class Setting
{
    /// <param name="key">The key below <c>ChunkProxy:</c>, with colons.</param>
    public static string InEnvironment(string key) => "ChunkProxy__" + key.Replace(":", "__", StringComparison.Ordinal);
}
