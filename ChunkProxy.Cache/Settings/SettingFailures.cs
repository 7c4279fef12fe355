using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>Validation failures of one section, each prefixed with its configuration key.</summary>
/// <param name="section">The section.</param>
/// <param name="scope">The name of the options, which is the scope of the section (<see cref="SettingScope"/>).</param>
internal sealed class SettingFailures(string section, string? scope = null)
{
    private readonly string _section = SettingScope.Of(scope, section);
    private readonly List<string> _failures = [];

    /// <param name="holds">Whether the setting is valid.</param>
    /// <param name="key">Key below the section.</param>
    /// <param name="message">What is wrong and what is expected.</param>
    public void Require(bool holds, string key, string message)
    {
        if (!holds)
        {
            _failures.Add($"{_section}:{key}: {message}");
        }
    }

    /// <summary>Requires that Kestrel can listen on the address.</summary>
    public void RequireListenable(HostPort address, string key)
    {
        Require(KestrelListening.CanListen(address), key, $"'{address}' is not {HostPort.Expected}");

        // localhost is two addresses, IPv4 and IPv6: a port that is free at one may be in use at the other.
        Require(address.Port != 0 || !KestrelListening.IsLocalhost(address), key, "takes a free port (0) at an address only, such as 127.0.0.1:0");
    }

    public ValidateOptionsResult ToResult() => _failures is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_failures);
}
