namespace ChunkProxy.Cache.Settings;

/// <summary>Compares hosts with settings, which name a host or, as <c>*.domain</c>, all hosts below a domain.</summary>
internal static class HostWildcard
{
    /// <summary>Returns whether the setting is for all hosts below a domain.</summary>
    public static bool Is(string setting) => setting.StartsWith("*.", StringComparison.Ordinal);

    /// <summary>Returns whether the setting is for a host. Case does not count. The domain itself is not below it.</summary>
    /// <param name="setting">A host or <c>*.domain</c>.</param>
    /// <param name="host">The host, without a port.</param>
    public static bool Matches(string setting, ReadOnlySpan<char> host) => Is(setting)
        ? host.Length >= setting.Length && host.EndsWith(setting.AsSpan(1), StringComparison.OrdinalIgnoreCase)
        : host.Equals(setting, StringComparison.OrdinalIgnoreCase);
}
