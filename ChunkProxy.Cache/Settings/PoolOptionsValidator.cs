using ChunkProxy.Cache.Ownership;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>What <see cref="PoolOptions"/> may say together.</summary>
internal sealed class PoolOptionsValidator : IValidateOptions<PoolOptions>
{
    public ValidateOptionsResult Validate(string? name, PoolOptions options)
    {
        var failures = new SettingFailures(PoolOptions.Section);
        failures.Require(
            options.OwnsNothing || IsMemberAddress(options.PoolAddr),
            nameof(PoolOptions.PoolAddr),
            $"'{options.PoolAddr}' is not a host and port such as 10.0.0.1:7070, or {PoolOptions.None}");
        failures.Require(
            !options.OwnsNothing || !options.StandsAlone,
            nameof(PoolOptions.PoolAddr),
            $"{PoolOptions.None} is for a front end of a cluster, which needs a list of members or a coordinator");
        failures.Require(
            options.Peers.All(IsListedMember),
            nameof(PoolOptions.PoolPeers),
            $"'{options.PoolPeers}' is not a list of hosts and ports such as 10.0.0.1:7070,10.0.0.2:7070");
        failures.Require(
            options.CoordUrls.All(IsHttpUrl),
            nameof(PoolOptions.Coord),
            $"'{options.Coord}' is not a list of etcd URLs such as http://10.0.0.9:2379");
        failures.Require(
            options.Peers is [] || options.CoordUrls is [],
            nameof(PoolOptions.PoolPeers),
            "excludes a coordinator: a cluster is either listed or found through etcd");
        failures.Require(
            options.CoordUrls is [] || !string.IsNullOrWhiteSpace(options.Cluster),
            nameof(PoolOptions.Cluster),
            "needs a key prefix such as clusters/banana");
        failures.Require(
            options.Weight > 0 && double.IsNormal(options.Weight), nameof(PoolOptions.Weight), $"{options.Weight} is not a finite number above zero");
        failures.Require(string.IsNullOrEmpty(options.Name) || MemberName.IsName(options.Name), nameof(PoolOptions.Name), $"'{options.Name}' is not {MemberName.Expected}");
        failures.Require(
            options.PoolListen is null || ListenAddress.TryParse(options.PoolListen, out _),
            nameof(PoolOptions.PoolListen),
            $"'{options.PoolListen}' is not {ListenAddress.Expected}");
        RequireFile(options.PoolKeyFile, nameof(PoolOptions.PoolKeyFile));
        RequireFile(options.PoolCertificate, nameof(PoolOptions.PoolCertificate));
        RequireFile(options.PoolCertificateKey, nameof(PoolOptions.PoolCertificateKey));
        RequireFile(options.PoolAuthority, nameof(PoolOptions.PoolAuthority));
        failures.Require(
            options.PoolAuthority is null || options.PoolCertificate is not null,
            nameof(PoolOptions.PoolAuthority),
            "needs a certificate for this member too");
        return failures.ToResult();

        void RequireFile(string? path, string key) => failures.Require(string.IsNullOrEmpty(path) || File.Exists(path), key, $"there is no file {path}");
    }

    private static bool IsMemberAddress(string text) => ListenAddress.TryParse(text, out var address) && !address.IsEveryAddress;

    private static bool IsListedMember(string entry)
    {
        var listed = ListedMember.Parse(entry);
        return (listed.Name.Length == 0 || MemberName.IsName(listed.Name)) && IsMemberAddress(listed.Address);
    }

    private static bool IsHttpUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
}
