using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;

namespace ChunkProxy.Cache.Origin;

/// <summary>The credentials for an object store, found as the AWS tools do. Bounds how often and how long they are looked up.</summary>
/// <param name="options">Where they are.</param>
/// <param name="time">The clock.</param>
internal sealed class S3Credentials(OriginAccessOptions options, TimeProvider time)
{
    // Looking at the machine's network for a role takes seconds if there is none.
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private AWSCredentials? _found; // under _gate
    private long _foundAt; // under _gate
    private Task<ImmutableCredentials>? _asking; // under _gate
    private long _askedAt; // under _gate

    /// <summary>Returns the credentials of the profile; with neither profile nor file those that the SDK finds, which it renews before they expire.</summary>
    /// <exception cref="FormatException">There is no such profile.</exception>
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

    /// <summary>Returns the current credentials. All requests share one look-up, and a failure is repeated for a few seconds.</summary>
    public Task<ImmutableCredentials> CurrentAsync()
    {
        lock (_gate)
        {
            if (_asking is null || (_asking.IsCompleted && (_asking.IsCompletedSuccessfully || time.GetElapsedTime(_askedAt) >= AfterFailure)))
            {
                _askedAt = time.GetTimestamp();
                var credentials = Refreshed();
                _asking = Task.Run(credentials.GetCredentialsAsync);
            }

            return _asking;
        }
    }

    // Called under _gate. A file that cannot be used leaves the former keys in force.
    private AWSCredentials Refreshed()
    {
        if (_found is null || (_found is not ChainCredentials && time.GetElapsedTime(_foundAt) >= options.RereadAfter))
        {
            try
            {
                (_found, _foundAt) = (Of(options), time.GetTimestamp());
            }
            catch (Exception unusable) when (_found is not null && unusable is FormatException or IOException or UnauthorizedAccessException or AmazonClientException)
            {
                _foundAt = time.GetTimestamp();
            }
        }

        return _found!;
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
