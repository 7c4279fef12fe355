using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Web.Clients;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Logs;
using ChunkProxy.Web.Operations.Access;
using ChunkProxy.Web.Settings;

namespace ChunkProxy.Web.Cli.Flags;

/// <summary>All flags of the server.</summary>
internal static class FlagTable
{
    public static Flag Help { get; } = new("help", null, null, null, "Print this page (also -h)");

    public static Flag Version { get; } = new("version", null, null, null, "Print the version");

    public static IReadOnlyList<FlagGroup> Groups { get; } =
    [
        new("Origin and addresses",
        [
            new("url", Key(nameof(CacheOptions.Url)), FlagValue.Url, null,
                "Base URL of the origin; the request path is appended to it. Required, unless ChunkProxy:Origins has origins"),
            new("backup-url", Key(nameof(CacheOptions.BackupUrl)), FlagValue.Url, null,
                "Base URL of a second server with the same objects; asked while the first one does not answer"),
            new("origin-fields-file", $"{OriginAccessOptions.Section}:{nameof(OriginAccessOptions.FieldsFile)}", FlagValue.File, null,
                "File with request header fields that a private origin requires, one 'Name: value' per line; read again when it changes"),
            new("origin-query-file", $"{OriginAccessOptions.Section}:{nameof(OriginAccessOptions.QueryFile)}", FlagValue.File, null,
                "File with query parameters that a private origin requires, such as a SAS token; read again when it changes"),
            new("webaddr", Key(nameof(WebOptions.WebAddr)), FlagValue.Address, static () => new WebOptions().WebAddr.ToString(),
                "Address for clients; without a host: all addresses; port 0: a free port"),
            new("trusted-proxies", $"{ClientOptions.Section}:{nameof(ClientOptions.TrustedProxies)}", FlagValue.Networks, null,
                "Addresses and networks of proxies in front of this process, whose X-Forwarded-For names the client; default: none"),
            new("proxy-protocol", $"{ClientOptions.Section}:{nameof(ClientOptions.ProxyProtocol)}", null, null,
                "Each connection of a client begins with a header of the PROXY protocol (v1 or v2), which names the client; connections without it are closed"),
            new("lameduck", Key(nameof(WebOptions.LameDuck)), FlagValue.Time, static () => new WebOptions().LameDuck.ToString(),
                "After SIGTERM, health fails for this long before the port closes, so that load balancers notice"),
        ]),
        new("Browsers and TLS",
        [
            new("cors", Key(nameof(CorsOptions.Cors)), FlagValue.Origins, null,
                "Origins whose pages may read objects (CORS), or * for all; default: the origin server decides"),
            new("cert", Key(nameof(TlsOptions.Certificate)), FlagValue.Certificate, null,
                "Certificate and chain (PEM), or a directory with one per name: -webaddr then speaks TLS, with HTTP/2 and HTTP/1.1. Files are reloaded when they change"),
            new("certkey", Key(nameof(TlsOptions.CertificateKey)), FlagValue.File, null,
                "Private key of the certificate (PEM); default: in the certificate's file"),
        ]),
        new("Cache in memory and on disk (a size is in MiB, or has a unit: B, KiB, MiB, GiB, TiB)",
        [
            new("dir", Key(nameof(CacheOptions.Dir)), FlagValue.Directory, static () => new CacheOptions().Dir,
                "Directory of the disk cache; or one directory for each disk, separated by commas: if a disk fails, the others stay in use"),
            new("size-c", Key("ChunkSize"), FlagValue.Size, static () => new CacheOptions().ChunkSize.ToString(),
                "Chunk size, the unit in which objects are fetched and cached; up to 64MiB"),
            new("size-m", Key("MemorySize"), FlagValue.Size, static () => new CacheOptions().MemoryBudget.ToString(),
                "Memory for chunks: cached, being fetched, and being sent"),
            new("size-d", Key("DiskSize"), FlagValue.Size, static () => new CacheOptions().DiskBudget.ToString(),
                "Disk space for chunks; 0: no disk cache"),
            new("size-s", Key("MetadataSize"), FlagValue.Size, static () => new CacheOptions().MetadataBudget.ToString(),
                "Memory for object metadata (sizes, versions, headers)"),
        ]),
        new("Cache key: query parameters whose values select different objects (a list of names; name* means all that begin with name)",
        [
            new("key-query", KeyOfQuery(nameof(CacheKeyOptions.Query)), FlagValue.KeyQuery, static () => nameof(KeyQuery.All),
                "Whether the query is part of the cache key: all or none"),
            new("key-only", KeyOfQuery(nameof(CacheKeyOptions.Only)), FlagValue.Parameters, null,
                "The only query parameters that are part of the cache key; default: all"),
            new("key-ignore", KeyOfQuery(nameof(CacheKeyOptions.Ignore)), FlagValue.Parameters, null,
                "Query parameters that are not part of the cache key; the origin still gets them"),
            new("key-sort", KeyOfQuery(nameof(CacheKeyOptions.Sort)), null, null,
                "Sort query parameters by name in the cache key"),
        ]),
        new("Freshness: how long responses are used without asking the origin (a list takes pattern=time, such as *.m3u8=1s,*.ts=365d)",
        [
            new("fresh", Freshness(nameof(FreshnessOptions.Override)), FlagValue.Lifetimes, null,
                "Lifetimes by path that replace those of the origin"),
            new("fresh-default", Freshness(nameof(FreshnessOptions.Default)), FlagValue.Lifetimes, null,
                "Lifetimes by path for responses for which the origin states none"),
            new("fresh-status", Freshness(nameof(FreshnessOptions.Statuses)), FlagValue.Lifetimes, null,
                "Longest lifetimes of cached responses by status, 300 and above, such as 404=30s,410=1h"),
        ]),
        new("Who may read objects",
        [
            new("urlkeyfile", Access(nameof(AccessOptions.UrlKeyFile)), FlagValue.File, null,
                "File with the keys of signed URLs, one per line; without a valid signature a request gets 403 (chunkproxy sign)"),
            new("allow", Access(nameof(AccessOptions.Allow)), FlagValue.Networks, null,
                "Addresses and networks of clients that may read; default: all"),
            new("deny", Access(nameof(AccessOptions.Deny)), FlagValue.Networks, null,
                "Addresses and networks of clients that may not read"),
        ]),
        new("Cluster (without -poolpeers or -coord the node is stand-alone and owns every chunk)",
        [
            new("pooladdr", Key(nameof(PoolOptions.PoolAddr)), FlagValue.Address, static () => new PoolOptions().PoolAddr,
                "Address where other members reach this one; none: a front end that owns no chunks"),
            new("name", Key(nameof(PoolOptions.Name)), FlagValue.Name, null,
                "Display name of this member in the status page, logs and traces"),
            new("poolpeers", Key(nameof(PoolOptions.PoolPeers)), FlagValue.Addresses, null,
                "Members of a static cluster, including this one"),
            new("coord", Key(nameof(PoolOptions.Coord)), FlagValue.Urls, null,
                "etcd endpoints of a dynamic cluster"),
            new("cluster", Key(nameof(PoolOptions.Cluster)), FlagValue.Prefix, static () => new PoolOptions().Cluster,
                "Key prefix of the cluster in etcd"),
            new("poolkey", Key(nameof(PoolOptions.PoolKey)), FlagValue.Secret, null,
                "Shared secret of all members, at least 16 characters; requests that are not signed with it are refused. Flags are visible to other local users: prefer -poolkeyfile"),
            new("poolkeyfile", Key(nameof(PoolOptions.PoolKeyFile)), FlagValue.File, null,
                "File that contains the secret"),
            new("redis", Key(nameof(CacheOptions.Redis)), FlagValue.Redis, null,
                "Redis server that all members share for super-hot chunks"),
        ]),
        new("Status and actions, below /_chunkproxy/",
        [
            new("adminaddr", Key(nameof(AdminOptions.AdminAddress)), FlagValue.Address, null,
                "Separate address for status and actions; default: the address for clients, with the admin key"),
            new("adminkey", Key(nameof(AdminOptions.AdminKey)), FlagValue.Secret, null,
                "Secret for actions (purge, warm, drain, reload) and for figures at the address for clients. Without it, both are disabled. Other local users can see flags: prefer -adminkeyfile"),
            new("adminkeyfile", Key(nameof(AdminOptions.AdminKeyFile)), FlagValue.File, null,
                "File that contains the secret"),
        ]),
        new("Log",
        [
            new("requestlog", Key(nameof(WebOptions.RequestLog)), null, null,
                "Log each request in one line; -requestlog=false overrides the environment"),
            new("accesslog", $"{AccessLogOptions.Section}:{nameof(AccessLogOptions.To)}", FlagValue.LogFile, null,
                "File of the access log, or stdout; SIGUSR1 opens the file again after a rotation"),
            new("accesslog-format", $"{AccessLogOptions.Section}:{nameof(AccessLogOptions.Format)}", FlagValue.LogFormat, static () => new AccessLogOptions().Format,
                "Format of the access log: combined, json, or a template such as '{client} {target} {status}'"),
        ]),
        new("Help", [Help, Version]),
    ];

    public static IReadOnlyList<Flag> All { get; } = [.. Groups.SelectMany(group => group.Flags)];

    public static Flag? Find(string name) => name == "h" ? Help : All.FirstOrDefault(flag => flag.Name == name);

    /// <summary>Returns the flag that sets a configuration key. Case is ignored.</summary>
    public static Flag? OfSetting(string key) =>
        All.FirstOrDefault(flag => string.Equals(flag.Setting, key, StringComparison.OrdinalIgnoreCase));

    private static string KeyOfQuery(string name) => $"{CacheKeyOptions.Section}:{name}";

    private static string Freshness(string name) => $"{FreshnessOptions.Section}:{name}";

    private static string Access(string name) => $"{AccessOptions.Section}:{name}";

    private static string Key(string name) => $"{CacheOptions.Section}:{name}";
}
