using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Access;

/// <summary>Makes the access rules of a route from its settings, as configuration has them now.</summary>
internal sealed class AccessFactory(IOptionsFactory<AccessOptions> options, BearerAuthorities authorities, TimeProvider time, ILoggerFactory logs)
{
    /// <param name="scope">The name of the options.</param>
    public (UrlSigning Signing, AccessGate Gate) Create(string scope)
    {
        var rules = options.Create(scope);
        var signing = new UrlSigning(Options.Create(rules), time, logs.CreateLogger<UrlSigning>(), scope);
        if (signing.IsOn)
        {
            _ = signing.Keys; // if the file becomes unreadable, these stay in use
        }

        return (signing, new AccessGate(Options.Create(rules), signing, time, logs.CreateLogger<AccessGate>(), rules.HasBearer ? BearerOf(rules, scope) : null));
    }

    // A method of its own: the assemblies for tokens are loaded with it.
    private BearerCheck BearerOf(AccessOptions rules, string scope) => new(
        new BearerRules(rules),
        rules.BearerAuthority is { } url ? authorities.Of(url) : new BearerKeyFile(rules, time, logs.CreateLogger<BearerKeyFile>(), scope),
        time);
}
