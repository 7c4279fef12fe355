using System.Net;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Membership;

/// <summary>Checks <see cref="PoolOptions"/>, and which of them may be combined.</summary>
internal sealed class PoolOptionsValidator : IValidateOptions<PoolOptions>
{
    public ValidateOptionsResult Validate(string? name, PoolOptions options)
    {
        var failures = new SettingFailures(PoolOptions.Section);
        failures.Require(
            options.OwnsNothing || (HostPort.TryParse(options.PoolAddr, out var own) && !own.IsEveryAddress && own.Port != 0),
            nameof(PoolOptions.PoolAddr),
            $"'{options.PoolAddr}' is not a host and port such as 10.0.0.1:7070, or {PoolOptions.None}");
        failures.Require(
            !options.OwnsNothing || !options.IsStandAlone,
            nameof(PoolOptions.PoolAddr),
            $"{PoolOptions.None} is for a front end of a cluster, which needs a list of members or a coordinator");
        failures.Require(
            options.Peers.All(IsListedMember),
            nameof(PoolOptions.PoolPeers),
            $"'{ShownSetting.Urls(options.PoolPeers)}' is not a list of hosts and ports such as 10.0.0.1:7070,10.0.0.2:7070");
        failures.Require(
            options.CoordUrls.All(IsHttpUrl),
            nameof(PoolOptions.Coord),
            $"'{ShownSetting.Urls(options.Coord)}' is not a list of etcd URLs such as http://10.0.0.9:2379");
        failures.Require(
            options.Peers is [] || options.CoordUrls is [],
            nameof(PoolOptions.PoolPeers),
            "cannot be combined with a coordinator: a cluster is either listed or found through etcd");
        failures.Require(
            options.CoordUrls is [] || !string.IsNullOrWhiteSpace(options.Cluster),
            nameof(PoolOptions.Cluster),
            "needs a key prefix such as clusters/chunkproxy");
        failures.Require(
            options.Weight > 0 && double.IsNormal(options.Weight), nameof(PoolOptions.Weight), $"{options.Weight} is not a finite number above zero");
        failures.Require(string.IsNullOrEmpty(options.Name) || MemberName.IsName(options.Name), nameof(PoolOptions.Name), $"'{options.Name}' is not {MemberName.Expected}");
        RequireListening(options, failures);
        RequireFile(options.PoolKeyFile, nameof(PoolOptions.PoolKeyFile));
        RequireKeys();
        RequireFile(options.PoolCertificate, nameof(PoolOptions.PoolCertificate));
        RequireFile(options.PoolCertificateKey, nameof(PoolOptions.PoolCertificateKey));
        RequireFile(options.PoolAuthority, nameof(PoolOptions.PoolAuthority));
        failures.Require(
            options.PoolAuthority is null || options.PoolCertificate is not null,
            nameof(PoolOptions.PoolAuthority),
            "needs a certificate for this member too");
        failures.Require(
            options.PoolCertificateNames is null || options.PoolAuthority is not null,
            nameof(PoolOptions.PoolCertificateNames),
            "needs an authority that signs the certificates");
        failures.Require(
            options.CertificateNames.All(name => Uri.CheckHostName(name) is not UriHostNameType.Unknown),
            nameof(PoolOptions.PoolCertificateNames),
            $"'{options.PoolCertificateNames}' is not a list of hosts such as front1.example,10.0.0.7");
        var listen = options.PoolListen is { } listening ? (Text: listening, Key: nameof(PoolOptions.PoolListen)) : (Text: options.PoolAddr, Key: nameof(PoolOptions.PoolAddr));
        failures.Require(
            options.IsStandAlone || options.OwnsNothing || options.PoolOpen || options.ProvesMembers || IsLoopback(listen.Text),
            listen.Key,
            $"'{listen.Text}' can be reached from other machines, and members are not authenticated: set PoolKeyFile, or PoolCertificate and PoolAuthority (PoolOpen=true starts without)");
        return failures.ToResult();

        void RequireKeys()
        {
            if (options.PoolKeyFile is { Length: > 0 } file && !File.Exists(file))
            {
                return; // reported already
            }

            var keys = SharedSecret.TextsOf(options.PoolKey, options.PoolKeyFile);
            var key = options.PoolKeyFile is { Length: > 0 } ? nameof(PoolOptions.PoolKeyFile) : nameof(PoolOptions.PoolKey);
            failures.Require(keys.All(it => it.Length >= PoolOptions.ShortestKey), key, $"a key has at least {PoolOptions.ShortestKey} characters");
            failures.Require(keys.Count <= PoolOptions.MostKeys, key, $"holds more than {PoolOptions.MostKeys} keys (one a line)");
            failures.Require(string.IsNullOrEmpty(options.PoolKeyFile) || keys.Count > 0, key, "holds no key");
        }

        void RequireFile(string? path, string key) => failures.Require(string.IsNullOrEmpty(path) || File.Exists(path), key, $"there is no file {path}");
    }

    private static void RequireListening(PoolOptions options, SettingFailures failures)
    {
        if (options.PoolListen is null)
        {
            failures.Require(
                options.OwnsNothing || options.IsStandAlone || !HostPort.TryParse(options.PoolAddr, out var own) || KestrelListening.CanListen(own),
                nameof(PoolOptions.PoolListen),
                $"is required, such as :7070, because '{options.PoolAddr}' is a name");
            return;
        }

        failures.Require(
            HostPort.TryParse(options.PoolListen, out var listen) && KestrelListening.CanListen(listen) && listen.Port != 0,
            nameof(PoolOptions.PoolListen),
            $"'{options.PoolListen}' is not an address and port such as :7070 (every address), 10.0.0.1:7070 or [::1]:7070");
    }

    private static bool IsLoopback(string text) =>
        HostPort.TryParse(text, out var address) && (KestrelListening.IsLocalhost(address) || (address.Address is { } ip && IPAddress.IsLoopback(ip)));

    private static bool IsListedMember(string entry)
    {
        var listed = ListedMember.Parse(entry);
        return (listed.Name.Length == 0 || MemberName.IsName(listed.Name)) && HostPort.TryParse(listed.Address, out var address) && address.IsReachable;
    }

    private static bool IsHttpUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
}
