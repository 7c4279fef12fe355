using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;

namespace ChunkProxy.Cache.Origin;

/// <summary>Finds the credentials for an object store as the AWS tools do.</summary>
internal static class S3Credentials
{
    /// <summary>
    /// Returns the credentials of a profile. Without a profile and a file: those of the environment, the shared files, the container, or the machine, in
    /// the order of the AWS SDK. They are renewed before they expire.
    /// </summary>
    /// <exception cref="FormatException">There are none.</exception>
    public static AWSCredentials Of(OriginAccessOptions options)
    {
        if (string.IsNullOrEmpty(options.S3Profile) && string.IsNullOrEmpty(options.S3CredentialsFile))
        {
            return new ChainCredentials();
        }

        var profile = string.IsNullOrEmpty(options.S3Profile) ? SharedCredentialsFile.DefaultProfileName : options.S3Profile;
        return new CredentialProfileStoreChain(options.S3CredentialsFile).TryGetAWSCredentials(profile, out var found)
            ? found
            : throw new FormatException($"there is no profile '{profile}' with credentials");
    }

    // The chain looks at the machine's network for a role, so it is asked with the first request and not at the start.
    private sealed class ChainCredentials : AWSCredentials
    {
        private static readonly DefaultAWSCredentialsIdentityResolver Chain = new();

        public override ImmutableCredentials GetCredentials() => Chain.ResolveIdentity(clientConfig: null).GetCredentials();

        public override async Task<ImmutableCredentials> GetCredentialsAsync() =>
            await (await Chain.ResolveIdentityAsync(clientConfig: null).ConfigureAwait(false)).GetCredentialsAsync().ConfigureAwait(false);
    }
}
