namespace ChunkProxy.Cache.Settings;

/// <summary>All keys below <c>ChunkProxy</c> as a whole: a key that no section has ends the start.</summary>
internal sealed class SettingKeys
{
    // What a cache service does not read. One environment or file is often for all processes of a cluster. A test compares the list with the front end.
    private static readonly HashSet<string> OfFrontEnds = new(
        [
            "Access", "AccessLog", "AdminAddress", "AdminHosts", "AdminKey", "AdminKeyFile", "AdminKeyGuards", "AdminTls", "Certificate", "CertificateCheckInterval", "CertificateKey",
            "Clients:TrustedProxies", "Clients:ProxyProtocol", "Clients:MaxConnections", "Clients:MaxRequests", "Clients:Rate", "Clients:Burst",
            "Compression", "Cors", "CorsCredentials", "CorsExposedFields", "CorsMaxAge", "DrainTimeout", "FrontEnd", "Http2Address", "LameDuck", "OcspStapling", "PlainAddress",
            "RequestLog", "RequestLogQueries", "Routes", "TrustTraceContext", "WebAddr",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether settings of front ends are accepted without effect.</summary>
    public bool AcceptsFrontEnds { get; set; }

    /// <summary>Returns whether a key is accepted without effect.</summary>
    /// <param name="key">A key without <c>ChunkProxy:</c>.</param>
    public bool Accepts(string key) => AcceptsFrontEnds && IsOfFrontEnds(key);

    /// <summary>Returns whether a key, or the section that begins it, is of front ends only.</summary>
    /// <param name="key">A key without <c>ChunkProxy:</c>.</param>
    public static bool IsOfFrontEnds(string key) => OfFrontEnds.Contains(key) || OfFrontEnds.Contains(key.Split(ConfigurationPath.KeyDelimiter)[0]);
}
