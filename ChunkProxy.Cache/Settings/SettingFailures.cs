using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>What is wrong with the settings of one section, each with its configuration key in front.</summary>
internal sealed class SettingFailures(string section)
{
    private readonly List<string> _failures = [];

    /// <param name="holds">False: the setting is wrong.</param>
    /// <param name="key">Its key below the section.</param>
    /// <param name="message">What it takes.</param>
    public void Require(bool holds, string key, string message)
    {
        if (!holds)
        {
            _failures.Add($"{section}:{key}: {message}");
        }
    }

    /// <summary>Requires that Kestrel can be told to listen there.</summary>
    public void RequireListenable(HostPort address, string key)
    {
        Require(KestrelListening.CanListen(address), key, $"'{address}' is not {HostPort.Expected}");

        // localhost is two addresses, IPv4 and IPv6; a free port of one need not be free at the other.
        Require(address.Port != 0 || !KestrelListening.IsLocalhost(address), key, "takes a free port (0) at an address only, such as 127.0.0.1:0");
    }

    public ValidateOptionsResult ToResult() => _failures is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_failures);
}
